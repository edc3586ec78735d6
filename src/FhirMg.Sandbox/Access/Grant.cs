using FhirMg.Sandbox.Fhir;
using FhirMg.Sandbox.Searching;

namespace FhirMg.Sandbox.Access;

/// <summary>What the caller of a request may do.</summary>
internal sealed class Grant
{
    private readonly IReadOnlyList<(SmartScope Scope, SearchQuery? Filter)> _scopes;
    private readonly bool _everything;
    private readonly string? _patient;
    private readonly FhirStore _store;
    private readonly ServerAddress _address;

    private Grant(IReadOnlyList<(SmartScope, SearchQuery?)> scopes, bool everything, string? patient, FhirStore store, ServerAddress address) =>
        (_scopes, _everything, _patient, _store, _address) = (scopes, everything, patient, store, address);

    /// <summary>No token is asked for.</summary>
    public static Grant Open(FhirStore store, ServerAddress address) => new([], true, null, store, address);

    /// <summary>What a token's scopes permit.</summary>
    /// <param name="patient">The patient in context, for <c>patient/</c> scopes; null when there is none.</param>
    public static Grant Of(IEnumerable<string> scopes, string? patient, FhirStore store, ServerAddress address) =>
        new([.. scopes.Select(SmartScope.Parse).OfType<SmartScope>().Select(scope => (scope, Filter(scope, address)))], false, patient, store, address);

    /// <exception cref="FhirException">No scope permits this with any resource of the type (403).</exception>
    public void Require(string type, Permission permission)
    {
        if (!_everything && !_scopes.Any(one => Covers(one.Scope, type, permission)))
        {
            throw FhirException.Forbidden($"The token's scopes do not permit {Name(permission)} of {type}.");
        }
    }

    /// <exception cref="FhirException">No scope permits this with this resource (403).</exception>
    public void RequireSight(StoredVersion resource, Permission permission)
    {
        if (!Sees(resource, permission))
        {
            throw FhirException.Forbidden($"The token's scopes do not permit {Name(permission)} of this {resource.Type}: it is outside of the patient in context, or of what the scope names.");
        }
    }

    public bool Sees(StoredVersion resource, Permission permission) => _everything || _scopes.Any(one =>
        Covers(one.Scope, resource.Type, permission)
        && (one.Scope.Context != "patient" || (_patient is not null && Compartment.Holds(resource, _patient, _store.Now, _address) != false))
        && (one.Filter is null || one.Filter.IsMetBy(resource.Content!)));

    private bool Covers(SmartScope scope, string type, Permission permission) =>
        (scope.Type == "*" || scope.Type == type) && scope.Permission.HasFlag(permission) && (scope.Context != "patient" || _patient is not null);

    // A scope whose search is not understood permits nothing, so its filter is one that nothing meets.
    private static SearchQuery? Filter(SmartScope scope, ServerAddress address)
    {
        if (scope.Query.Length == 0)
        {
            return null;
        }

        try
        {
            return SearchQuery.Parse(scope.Type, SearchQuery.Parameters(scope.Query), address);
        }
        catch (FhirException)
        {
            return SearchQuery.Parse("Patient", [KeyValuePair.Create("_id", " ")], address);
        }
    }

    private static string Name(Permission permission) => permission switch
    {
        Permission.Create => "creation",
        Permission.Read => "reading",
        Permission.Update => "update",
        Permission.Delete => "deletion",
        _ => "search",
    };
}
