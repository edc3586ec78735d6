namespace FhirMg.Reasoning.Reading;

/// <summary>Finds the resource of one type that a reference means: by its exact fullUrl, else by <c>Type/id</c>.</summary>
internal sealed class FactIndex<T>
    where T : Fact
{
    private readonly string _type;
    private readonly Dictionary<string, T> _byUrl = new(StringComparer.Ordinal);
    private readonly Dictionary<string, T> _byName = new(StringComparer.Ordinal);

    public FactIndex(string type, IEnumerable<T> facts)
    {
        _type = type;
        foreach (var fact in facts)
        {
            if (fact.FullUrl is { } url)
            {
                _byUrl[url] = fact;
            }

            _byName[fact.Name] = fact;
        }
    }

    /// <summary>The resource that the reference means; null when it is not in the document.</summary>
    public T? Find(string reference)
    {
        reference = References.WithoutVersion(reference);
        if (_byUrl.TryGetValue(reference, out var exact))
        {
            return exact;
        }

        // Another server's resource with the same id is another resource, unless this one does not say where it is from.
        return References.TrySplit(reference, _type, out var id, out var isRelative) && _byName.TryGetValue($"{_type}/{id}", out var named)
            && (isRelative || (References.IsWeb(reference) && (named.FullUrl is null || !References.IsWeb(named.FullUrl))))
            ? named
            : null;
    }
}
