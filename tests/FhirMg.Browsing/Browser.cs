using Microsoft.Playwright;

namespace FhirMg.Browsing;

/// <summary>Chromium without a window; started when the first page is opened, so a test class may take it as its fixture.</summary>
/// <remarks>
/// Where it is not installed the test is skipped with a reason, or fails under <c>FHIRMG_REQUIRE_ALL=1</c>. <c>FHIRMG_CHROMIUM</c> names another program than Debian's.
/// Nothing is downloaded: the driver comes with the package.
/// </remarks>
public sealed class Browser : IAsyncDisposable
{
    private const float PatienceMs = 60_000;
    private readonly SemaphoreSlim _turn = new(1);
    private IPlaywright? _playwright;
    private IBrowser? _chromium;

    /// <summary>The program that is started.</summary>
    public static string Program => Environment.GetEnvironmentVariable("FHIRMG_CHROMIUM") is { Length: > 0 } path ? path : "/usr/bin/chromium";

    /// <summary>More arguments that it is started with.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Starts it now.</summary>
    public static async Task<Browser> StartAsync()
    {
        var browser = new Browser();
        await browser.ReadyAsync();
        return browser;
    }

    /// <summary>A new profile (cookies, storage and cache of its own) seen as a screen says; null: <see cref="Screen.Wide"/>. The caller disposes of it.</summary>
    public async Task<IBrowserContext> OpenAsync(Screen? screen = null)
    {
        var chromium = await ReadyAsync();
        var context = await chromium.NewContextAsync((screen ?? Screen.Wide).Options());
        context.SetDefaultTimeout(PatienceMs);
        context.SetDefaultNavigationTimeout(PatienceMs);
        return context;
    }

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null)
        {
            await _chromium.DisposeAsync();
        }

        _playwright?.Dispose();
        _turn.Dispose();
    }

    private async Task<IBrowser> ReadyAsync()
    {
        Require();
        await _turn.WaitAsync();
        try
        {
            _playwright ??= await Playwright.CreateAsync();
            Assertions.SetDefaultExpectTimeout(PatienceMs / 2);
            return _chromium ??= await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Headless = true, Args = ["--no-sandbox", "--disable-dev-shm-usage", .. Arguments] });
        }
        finally
        {
            _turn.Release();
        }
    }

    private static void Require()
    {
        var reason = $"there is no Chromium at {Program}: apt-get install chromium, or name one by FHIRMG_CHROMIUM";
        var present = File.Exists(Program);
        if (!present && Environment.GetEnvironmentVariable("FHIRMG_REQUIRE_ALL") == "1")
        {
            Assert.Fail(reason);
        }

        Assert.SkipUnless(present, reason);
    }
}
