using FhirMg.Sandbox.Access;
using FhirMg.Sandbox.Faults;
using FhirMg.Sandbox.Searching;

namespace FhirMg.Sandbox.Fhir;

/// <summary>A request at the FHIR endpoint, with what its caller may do.</summary>
internal sealed class FhirRequest
{
    public const int LargestBody = 20 * 1024 * 1024;
    private readonly HttpContext _context;

    public FhirRequest(HttpContext context, Grant grant)
    {
        var services = context.RequestServices;
        _context = context;
        Store = services.GetRequiredService<FhirStore>();
        Vendor = services.GetRequiredService<FaultState>().Vendor;
        var address = services.GetRequiredService<ServerAddress>();
        Interactions = new(grant, Vendor, address);
        Searches = new(grant, Vendor, services.GetRequiredService<ResultPages>(), address, Interactions);
        Transactions = new(Store, Interactions, Searches, address);
    }

    public FhirStore Store { get; }

    public VendorProfile Vendor { get; }

    public Interactions Interactions { get; }

    public SearchAnswers Searches { get; }

    public Transactions Transactions { get; }

    /// <summary><c>Prefer: return=minimal</c>.</summary>
    public bool Minimal => Prefers("return=minimal");

    /// <summary><c>Prefer: handling=lenient</c>.</summary>
    public bool Lenient => Prefers("handling=lenient");

    public string? Header(string name) => _context.Request.Headers.TryGetValue(name, out var value) && value.Count > 0 ? value.ToString() : null;

    /// <summary>The parameters of the query, and of the form of a <c>_search</c>.</summary>
    public async Task<List<KeyValuePair<string, string>>> ParametersAsync()
    {
        var request = _context.Request;
        var all = Flat(request.Query);
        return request.HasFormContentType ? [.. all, .. Flat(await request.ReadFormAsync(_context.RequestAborted))] : [.. all];
    }

    /// <exception cref="FhirException">It is no JSON, not said to be, or too large.</exception>
    public async Task<System.Text.Json.Nodes.JsonObject> BodyAsync()
    {
        var request = _context.Request;
        if (request.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) != true)
        {
            throw new FhirException(StatusCodes.Status415UnsupportedMediaType, "not-supported", $"The body's Content-Type is application/fhir+json, not '{request.ContentType}'.");
        }

        if (request.ContentLength > LargestBody)
        {
            throw new FhirException(StatusCodes.Status413PayloadTooLarge, "too-long", $"A body has {LargestBody / 1024 / 1024} MiB at most.");
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, _context.RequestAborted);
        return ResourceCheck.Parse(body.ToArray());
    }

    private bool Prefers(string preference) => Header("Prefer")?.Contains(preference, StringComparison.OrdinalIgnoreCase) == true;

    private static IEnumerable<KeyValuePair<string, string>> Flat(IEnumerable<KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>> pairs) =>
        pairs.SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value ?? "")));
}
