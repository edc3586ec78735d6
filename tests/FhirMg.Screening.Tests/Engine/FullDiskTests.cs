using System.Diagnostics;

namespace FhirMg.Screening.Tests.Engine;

/// <summary>A disk that is full ends the run with the reason and loses nothing that was safe: on a small file system of its own, which only root may make.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly DirectoryInfo _disk = Directory.CreateTempSubdirectory("fhirmg-full-disk-");
    private readonly bool _isMounted;

    public FullDiskTests() => _isMounted = Run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", _disk.FullName);

    // While the facts are saved, when some of them may be safe or none; while results are written; and while the last of them is.
    [Theory]
    [InlineData(100, false)]
    [InlineData(1_500, true)]
    [InlineData(3_000, true)]
    public async Task A_run_on_a_full_disk_goes_on_when_there_is_room(int kilobytes, bool allFactsAreSafe)
    {
        Assert.SkipUnless(_isMounted, "only root can mount a small file system");
        using var place = new Workplace();
        place.Spread(Population.Generate(300, seed: 5), 3, seed: 5);
        await place.Screen();
        var options = place.Options() with { OutDirectory = Path.Combine(_disk.FullName, "out"), CheckpointEvery = TimeSpan.Zero };
        Assert.True(Run("mount", "-o", $"remount,size={kilobytes}k", _disk.FullName));

        var full = await Assert.ThrowsAsync<ScreeningException>(() => place.Screen(options));
        Assert.Contains("No space left on device", full.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(options.OutDirectory));

        Assert.True(Run("mount", "-o", "remount,size=64m", _disk.FullName));
        var outcome = await place.Screen(options with { Resume = true });
        Assert.True(outcome.WasResumed || !allFactsAreSafe);
        foreach (var name in (string[])["reports.ndjson", "proposals.ndjson", "set-aside.csv"])
        {
            Assert.Equal(place.Result(name), await File.ReadAllBytesAsync(Path.Combine(options.OutDirectory, name), TestContext.Current.CancellationToken));
        }
    }

    public void Dispose()
    {
        if (_isMounted)
        {
            Run("umount", _disk.FullName);
        }

        _disk.Delete(recursive: true);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
