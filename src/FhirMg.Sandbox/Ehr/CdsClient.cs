using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirMg.Sandbox.Fhir;

namespace FhirMg.Sandbox.Ehr;

/// <summary>The EHR's side of CDS Hooks 2.0.</summary>
internal sealed class CdsClient(Connections connections, CdsSigner signer, HookTokens tokens, FhirStore store, ServerAddress address, TimeProvider time) : IDisposable
{
    private const string Services = "/cds-services";
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30), MaxResponseContentBufferSize = 4 * 1024 * 1024 };

    /// <summary>Fires a hook at the service that is there for it.</summary>
    public async Task<HookCall> CallAsync(string hook, ChartContext chart, Draft? draft, bool prefetch, string language, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        JsonObject? sent = null;
        string? service = null;
        try
        {
            var root = Root();
            var found = JsonNode.Parse(await _http.GetStringAsync(new Uri(root + Services), cancellationToken)).At("services").OfType<JsonObject>().FirstOrDefault(one => one.TextAt("hook") == hook);
            service = found.TextAt("id");
            if (found is null || service is null)
            {
                return new(null, null, 0, null, 0);
            }

            sent = Request(hook, chart, draft);
            if (prefetch && found["prefetch"] is JsonObject templates)
            {
                sent["prefetch"] = Prefetch(templates, chart);
            }

            var shown = (JsonObject)sent.DeepClone();
            sent["fhirAuthorization"] = await tokens.GiveAsync(chart, cancellationToken);
            shown["fhirAuthorization"] = "…";
            start = time.GetTimestamp();
            var (status, text) = await PostAsync(new($"{root}{Services}/{service}"), sent, language, cancellationToken);
            var took = (long)time.GetElapsedTime(start).TotalMilliseconds;
            return new(service, shown, status, Parse(text), took);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or JsonException)
        {
            return new(service ?? hook, sent, 0, JsonValue.Create(e.Message), (long)time.GetElapsedTime(start).TotalMilliseconds);
        }
    }

    /// <summary>Tells the service what became of a card; null when it took it, else what went wrong.</summary>
    public async Task<string?> FeedbackAsync(string service, JsonObject feedback, CancellationToken cancellationToken)
    {
        try
        {
            var (status, text) = await PostAsync(new($"{Root()}{Services}/{Uri.EscapeDataString(service)}/feedback"), new() { ["feedback"] = new JsonArray(feedback) }, null, cancellationToken);
            return status is >= 200 and < 300 ? null : $"{status} {text}";
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return e.Message;
        }
    }

    public void Dispose() => _http.Dispose();

    private string Root() => connections.CdsServices?.AbsoluteUri.TrimEnd('/') ?? throw new HttpRequestException("no CDS service is connected");

    private JsonObject Request(string hook, ChartContext chart, Draft? draft)
    {
        var context = new JsonObject { ["userId"] = $"Practitioner/{chart.Practitioner}", ["patientId"] = chart.Patient };
        if (chart.Encounter is not null)
        {
            context["encounterId"] = chart.Encounter;
        }

        if (hook is "order-select" or "order-sign")
        {
            context["draftOrders"] = new JsonObject
            {
                ["resourceType"] = "Bundle",
                ["type"] = "collection",
                ["entry"] = new JsonArray(new JsonObject { ["resource"] = (draft ?? Draft.All[0]).Resource(chart.Patient, chart.Practitioner, time.GetUtcNow()) }),
            };
            if (hook == "order-select")
            {
                context["selections"] = new JsonArray($"MedicationRequest/{Draft.Id}");
            }
        }

        return new()
        {
            ["hook"] = hook,
            ["hookInstance"] = NewUuid(),
            ["fhirServer"] = address.FhirBase,
            ["context"] = context,
        };
    }

    private JsonObject Prefetch(JsonObject templates, ChartContext chart)
    {
        var prefetch = new JsonObject();
        var reader = new ChartReader(store, address);
        foreach (var (key, template) in templates)
        {
            if (template.Text() is { } text && Fill(text, chart) is { } query)
            {
                prefetch[key] = reader.Read(query);
            }
        }

        return prefetch;
    }

    // A template whose token has no value is left out, as the specification says.
    private static string? Fill(string template, ChartContext chart)
    {
        var filled = template.Replace("{{context.patientId}}", chart.Patient, StringComparison.Ordinal).Replace("{{context.userId}}", $"Practitioner/{chart.Practitioner}", StringComparison.Ordinal)
            .Replace("{{userPractitionerId}}", chart.Practitioner, StringComparison.Ordinal).Replace("{{context.encounterId}}", chart.Encounter ?? "{{", StringComparison.Ordinal);
        return filled.Contains("{{", StringComparison.Ordinal) ? null : filled;
    }

    private async Task<(int Status, string Text)> PostAsync(Uri url, JsonObject body, string? language, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", signer.Sign(url));
        if (language is not null)
        {
            request.Headers.AcceptLanguage.Add(new(language));
        }

        using var response = await _http.SendAsync(request, cancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    private static string NewUuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
