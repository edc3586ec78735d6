using FhirMg.Browsing;
using Microsoft.Playwright;

namespace FhirMg.Sandbox.Tests.Ehr;

/// <summary>Somebody at the EHR page, with a browser of their own.</summary>
internal sealed class Desk : IAsyncDisposable
{
    public const string Patient = "adult-mild-with-migraine-p1";
    private readonly List<string> _said = [];

    private Desk(Ward ward, IBrowserContext context, IPage page) => (Ward, Context, Page) = (ward, context, page);

    public Ward Ward { get; }

    public Hospital Hospital => Ward.Hospital;

    public FakeService Service => Ward.Service;

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    /// <summary>What the browser complained of: refused by the Content-Security-Policy, failed scripts.</summary>
    public IReadOnlyList<string> Complaints => _said;

    /// <summary>Sits down in a ward, which is as at its start but for what was written.</summary>
    public static async Task<Desk> OpenAsync(Ward ward, Browser browser, Screen? screen = null)
    {
        ward.Reset();
        var context = await browser.OpenAsync(screen);
        var desk = new Desk(ward, context, await context.NewPageAsync());
        desk.Page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                desk._said.Add(message.Text);
            }
        };
        desk.Page.PageError += (_, error) => desk._said.Add(error);
        return desk;
    }

    public async Task OpenChartAsync(string patient = Patient, string more = "") => await Page.GotoAsync($"{Hospital.Application.EhrPage}?patient={patient}{more}");

    /// <summary>Fires a hook by the page's form.</summary>
    public async Task AskAsync(string hook = "patient-view", string? draft = null)
    {
        await Page.Locator("#hook").SelectOptionAsync(hook);
        if (draft is not null)
        {
            await Page.Locator("#draft").SelectOptionAsync(draft);
        }

        await Page.RunAndWaitForResponseAsync(() => Page.Locator("form[action='/ehr/hooks'] button").ClickAsync(), "**/ehr/hooks");
        await Page.Locator("#answer").WaitForAsync();
    }

    public async ValueTask DisposeAsync() => await Context.DisposeAsync();
}
