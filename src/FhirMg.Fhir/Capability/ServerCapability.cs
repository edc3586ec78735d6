using System.Text.Json;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Tokens;

namespace FhirMg.Fhir.Capability;

/// <summary>What a server says it can do, from its CapabilityStatement. A type that it does not list at all it cannot do.</summary>
public sealed class ServerCapability
{
    private readonly Dictionary<string, TypeCapability> _types = new(StringComparer.Ordinal);

    private ServerCapability()
    {
    }

    /// <summary>Whether it takes transactions.</summary>
    public bool Transactions { get; private set; }

    /// <summary>Whether a patient's whole record can be asked for (<c>Patient/$everything</c>).</summary>
    public bool Everything { get; private set; }

    /// <summary>What it can do with a type; nothing for one that it does not list.</summary>
    public TypeCapability this[string type] => _types.GetValueOrDefault(type, TypeCapability.None);

    /// <summary>What of it the granted scopes leave: what is granted decides what is done.</summary>
    public ServerCapability Within(GrantedScopes granted) => Within(granted, Permission.None);

    /// <summary>The same, with permissions that count as granted because nobody has asked for them.</summary>
    internal ServerCapability Within(GrantedScopes granted, Permission assumed)
    {
        var within = new ServerCapability { Transactions = Transactions, Everything = Everything };
        foreach (var (name, type) in _types)
        {
            within._types[name] = type.Within(name, granted, assumed);
        }

        return within;
    }

    /// <summary>Reads the answer to <c>/metadata</c>.</summary>
    /// <exception cref="FhirServerException">It is no CapabilityStatement of FHIR R4.</exception>
    internal static ServerCapability Read(string server, FhirResponse response)
    {
        if (!response.IsSuccess)
        {
            throw new FhirServerException(server, ServerFault.Refused, $"it does not say what it can do: /metadata answers {(int)response.Status} ({response.Said()})") { Status = (int)response.Status };
        }

        try
        {
            using var document = JsonDocument.Parse(response.Body);
            return Read(server, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FhirServerException(server, ServerFault.Unreadable, "/metadata is no CapabilityStatement in JSON: check that the base url is that of a FHIR R4 server", e);
        }
    }

    private static ServerCapability Read(string server, JsonElement statement)
    {
        if (Text(statement, "resourceType") != "CapabilityStatement")
        {
            throw new FhirServerException(server, ServerFault.Unreadable, "/metadata is no CapabilityStatement: check that the base url is that of a FHIR R4 server");
        }

        if (Text(statement, "fhirVersion") is { } version && !version.StartsWith("4.0", StringComparison.Ordinal) && !version.StartsWith("4.3", StringComparison.Ordinal))
        {
            throw new FhirServerException(server, ServerFault.Refused, $"it speaks FHIR {version}: FhirMg needs R4 (4.0)");
        }

        var capability = new ServerCapability();
        foreach (var rest in Items(statement, "rest"))
        {
            capability.Transactions |= Items(rest, "interaction").Any(interaction => Text(interaction, "code") == "transaction");
            foreach (var type in Items(rest, "resource").Where(type => Text(type, "type") is not null))
            {
                capability._types[Text(type, "type")!] = TypeCapability.Read(type);
                capability.Everything |= Text(type, "type") == "Patient" && Items(type, "operation").Any(operation => Text(operation, "name")?.TrimStart('$') == "everything");
            }
        }

        return capability;
    }

    internal static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    internal static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];
}

/// <summary>What a server can do with one resource type.</summary>
/// <param name="Interactions">FHIR's words: <c>read</c>, <c>search-type</c>, <c>create</c>, <c>update</c> …</param>
/// <param name="SearchParameters">Names of the search parameters it lists.</param>
/// <param name="ConditionalCreate">Whether it takes <c>If-None-Exist</c>.</param>
public sealed record TypeCapability(IReadOnlySet<string> Interactions, IReadOnlySet<string> SearchParameters, bool ConditionalCreate)
{
    /// <summary>Whether only some of the type's resources may be seen: what is found is then not all there is.</summary>
    public bool IsPartial { get; init; }

    /// <summary>Interactions that the server offers and the granted scopes do not.</summary>
    public IReadOnlySet<string> Withheld { get; init; } = new HashSet<string>();

    internal static TypeCapability None { get; } = new(new HashSet<string>(), new HashSet<string>(), false);

    /// <summary>Whether the interaction is listed.</summary>
    public bool Can(string interaction) => Interactions.Contains(interaction);

    /// <summary>Whether it can be searched by the parameter.</summary>
    public bool CanSearchBy(string parameter) => Can("search-type") && SearchParameters.Contains(parameter);

    internal TypeCapability Within(string name, GrantedScopes granted, Permission assumed)
    {
        bool IsGranted(string interaction) => Needed(interaction) is not { } permission || assumed.HasFlag(permission) || granted.Allows(name, permission);
        return this with
        {
            Interactions = Interactions.Where(IsGranted).ToHashSet(StringComparer.Ordinal),
            Withheld = Interactions.Where(interaction => !IsGranted(interaction)).ToHashSet(StringComparer.Ordinal),
            IsPartial = granted.IsPartial(name, Permission.Search),
        };
    }

    private static Permission? Needed(string interaction) => interaction switch
    {
        "read" or "vread" => Permission.Read,
        "search-type" => Permission.Search,
        "create" => Permission.Create,
        "update" => Permission.Update,
        _ => null,
    };

    internal static TypeCapability Read(JsonElement type) => new(
        ServerCapability.Items(type, "interaction").Select(interaction => ServerCapability.Text(interaction, "code")).OfType<string>().ToHashSet(StringComparer.Ordinal),
        ServerCapability.Items(type, "searchParam").Select(parameter => ServerCapability.Text(parameter, "name")).OfType<string>().ToHashSet(StringComparer.Ordinal),
        type.TryGetProperty("conditionalCreate", out var conditional) && conditional.ValueKind == JsonValueKind.True);
}
