namespace FhirMg.Service.Screenings;

/// <summary>Style and script of the pages.</summary>
internal static class ScreeningAssets
{
    private const string Style = """
        :root { color-scheme: light dark; --text: light-dark(#17242f, #e9eef2); --line: light-dark(#cbd4da, #40505c); --accent: light-dark(#0b5c8a, #7cc4ee); }
        * { box-sizing: border-box; }
        body { max-width: 60rem; margin: 0 auto; padding: 1rem; font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; color: var(--text); background: light-dark(#fff, #11181e); overflow-wrap: anywhere; }
        h1 { font-size: 1.4rem; border-bottom: 3px solid var(--accent); }
        h2 { font-size: 1.1rem; }
        a { color: var(--accent); }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; }
        .scroll table { min-width: 32rem; }
        th, td { text-align: start; padding: .4rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
        progress { width: 100%; height: 1.2rem; margin: 1rem 0; accent-color: var(--accent); }
        form { display: flex; flex-wrap: wrap; gap: .8rem; align-items: end; margin: 1rem 0; }
        label { display: flex; flex-direction: column; max-width: 100%; }
        input, select { font: inherit; padding: .3rem .6rem; min-height: 2.5rem; max-width: 100%; }
        button { font: inherit; font-weight: 600; padding: .4rem 1rem; min-height: 2.5rem; cursor: pointer; border: 1px solid var(--accent); border-radius: .25rem; background: var(--accent); color: light-dark(#fff, #0d1a24); }
        .failed, .problems { color: light-dark(#9f1c1c, #ff9b94); }
        """;

    private const string Script = """
        const page = document.getElementById('screening');
        const word = state => page.getAttribute('data-is-' + state) ?? state;
        const source = new EventSource(page.dataset.events);
        const show = view => {
          document.getElementById('state').textContent = word(view.state);
          document.getElementById('phase').textContent = word(view.phase) + (view.said ? ': ' + view.said : '');
          document.getElementById('done').textContent = view.total ? view.done + ' / ' + view.total : view.done;
          document.getElementById('patients').textContent = view.patients;
          const bar = document.getElementById('bar');
          if (view.total) { bar.max = view.total; bar.value = view.done; } else { bar.removeAttribute('value'); }
        };
        source.addEventListener('progress', event => show(JSON.parse(event.data)));
        source.addEventListener('end', event => { source.close(); show(JSON.parse(event.data)); location.reload(); });
        """;

    /// <summary>Answers with one of them.</summary>
    public static IResult Get(string name) => name switch
    {
        "screening.css" => TypedResults.Text(Style, "text/css; charset=utf-8"),
        "screening.js" => TypedResults.Text(Script, "text/javascript; charset=utf-8"),
        _ => TypedResults.NotFound(),
    };
}
