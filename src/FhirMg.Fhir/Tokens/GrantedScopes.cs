namespace FhirMg.Fhir.Tokens;

/// <summary>What granted scopes allow, whichever way (v1, v2, wildcards) they are written; what is granted decides what is done.</summary>
/// <param name="scopes">The scopes; those about no resource count for nothing here.</param>
public sealed class GrantedScopes(IEnumerable<string> scopes)
{
    private readonly List<SmartScope> _scopes = [.. scopes.Select(SmartScope.Parse).OfType<SmartScope>()];

    /// <summary>Whether nothing is allowed at any resource.</summary>
    public bool IsEmpty => _scopes.Count == 0;

    /// <summary>Whether all of <paramref name="permission"/> is allowed at the type, be it only at <see cref="IsPartial">some</see> of its resources.</summary>
    public bool Allows(string resourceType, Permission permission) => Covers(_scopes, resourceType, permission);

    /// <summary>
    /// Whether the permission is there, but for some of the type's resources only, because a scope carries a search
    /// (<c>system/Observation.rs?category=laboratory</c>): what is found is then not all there is.
    /// </summary>
    public bool IsPartial(string resourceType, Permission permission) =>
        Allows(resourceType, permission) && !Covers(_scopes.Where(scope => scope.Query is null), resourceType, permission);

    private static bool Covers(IEnumerable<SmartScope> scopes, string resourceType, Permission permission) =>
        scopes.Where(scope => scope.Type == "*" || scope.Type == resourceType)
            .Aggregate(Permission.None, (all, scope) => all | scope.Permission)
            .HasFlag(permission);
}
