using FhirMg.Sandbox.Fhir;

namespace FhirMg.Sandbox.Searching;

/// <summary>An <c>_include</c> (what matches point at) or <c>_revinclude</c> (what points at matches).</summary>
internal sealed record Include(SearchParameter Parameter, string Source, bool Reverse, string? TargetType)
{
    /// <exception cref="FhirException">It is not understood.</exception>
    public static Include Parse(string type, string text, bool reverse)
    {
        var parts = text.Split(':');
        if (parts.Length is < 2 or > 3 || !SearchParameters.Of(parts[0]).TryGetValue(parts[1], out var parameter) || parameter.Kind != SearchKind.Reference || (!reverse && parts[0] != type))
        {
            throw FhirException.NotSupported($"{(reverse ? "_revinclude" : "_include")}={text} is not served for {type}: it names a type and one of its reference parameters, such as MedicationRequest:medication.");
        }

        return new(parameter, parts[0], reverse, parts.ElementAtOrDefault(2));
    }

    public IEnumerable<StoredVersion> Of(StoreState state, IReadOnlyList<StoredVersion> matches, ServerAddress address)
    {
        if (Reverse)
        {
            var wanted = matches.Select(match => match.Reference).ToHashSet(StringComparer.Ordinal);
            return state.Of(Source).Where(one => Targets(one, address).Any(wanted.Contains));
        }

        return matches.SelectMany(match => Targets(match, address)).Select(target => Resolve(state, target)).OfType<StoredVersion>();
    }

    private IEnumerable<string> Targets(StoredVersion resource, ServerAddress address) =>
        Criterion.Nodes(resource.Content!, Parameter).Select(node => References.Target(node, address)).OfType<string>()
            .Where(target => TargetType is null || target.StartsWith(TargetType + "/", StringComparison.Ordinal));

    private static StoredVersion? Resolve(StoreState state, string target) =>
        target.Split('/') is [var type, var id] && state.TryGet(type, id, out var found) ? found : null;
}
