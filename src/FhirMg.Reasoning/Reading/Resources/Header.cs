using System.Runtime.CompilerServices;

namespace FhirMg.Reasoning.Reading;

/// <summary>What every resource says of itself: id, versions, contained resources, and whom it is about.</summary>
internal ref struct Header(ResourceType type, ReadOnlySpan<byte> fullUrl, int index)
{
    private const int None = -1;
    private int _contained = None;
    private readonly ReadOnlySpan<byte> _fullUrl = fullUrl;
    private ReadOnlySpan<byte> _id, _subject, _versionId, _lastUpdated;

    /// <summary>What a resource of a known shape says.</summary>
    public static Header Of(ResourceType type, scoped in ResourceTexts texts, ReadOnlySpan<byte> fullUrl, int index) => new(type, fullUrl, index)
    {
        _id = texts[ReadText.Id],
        _versionId = texts[ReadText.VersionId],
        _lastUpdated = texts[ReadText.LastUpdated],
        _subject = texts[ReadText.Subject],
    };

    /// <summary>Notes where that stands; false when one does not stand there as it was read, or another resource is contained.</summary>
    public readonly bool TryPut(ref ResourceTexts texts) => _contained == None && texts.TryPut(ReadText.Id, _id) && texts.TryPut(ReadText.VersionId, _versionId)
        && texts.TryPut(ReadText.LastUpdated, _lastUpdated) && texts.TryPut(ReadText.Subject, _subject);

    public readonly ReadOnlySpan<byte> Id => _id;

    public readonly ReadOnlySpan<byte> SubjectText => _subject;

    public readonly ResourceType Type => type;

    public readonly int Index => index;

    /// <summary>Reads the property reached when it is one of these; else leaves it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(ref ElementReader reader, ReadOnlySpan<byte> subject)
    {
        if (reader.Is("id"u8))
        {
            _id = reader.String();
        }
        else if (reader.Is("meta"u8))
        {
            ReadMeta(ref reader);
        }
        else if (!subject.IsEmpty && reader.Is(subject))
        {
            _subject = reader.Reference();
        }
        else if (reader.Is("contained"u8))
        {
            _contained = reader.Mark();
        }
        else
        {
            return false;
        }

        return true;
    }

    /// <summary>How outputs name the resource.</summary>
    public readonly string Name(ref ElementReader reader) =>
        !_id.IsEmpty ? string.Concat(ResourceTypes.Name(type), "/", reader.Text(_id)) : FullUrl(ref reader) ?? $"{type}/#{index}";

    /// <summary>The entry's fullUrl without a version; null when there is none.</summary>
    public readonly string? FullUrl(ref ElementReader reader) => reader.Text(_fullUrl) is { } url ? References.WithoutVersion(url) : null;

    /// <summary><c>meta.versionId</c> as written; empty when not stated.</summary>
    public readonly ReadOnlySpan<byte> VersionIdText => _versionId;

    /// <summary><c>meta.versionId</c>, or null.</summary>
    public readonly string? VersionId(in ElementReader reader)
    {
        // What is no UTF-8 in it is no reason to set the resource aside.
        var text = reader;
        return text.Text(_versionId);
    }

    /// <summary><c>meta.lastUpdated</c>; absent when not stated.</summary>
    public readonly FhirTime LastUpdated => _lastUpdated.IsEmpty ? default : FhirTimeParser.Instant(_lastUpdated);

    /// <summary>Finds a contained resource by its id.</summary>
    /// <param name="reader">The resource's reader.</param>
    /// <param name="reference">A reference that begins with <c>#</c>.</param>
    /// <param name="contained">A reader inside that resource's object, before its first property.</param>
    public readonly bool TryFindContained(in ElementReader reader, ReadOnlySpan<byte> reference, ResourceType wanted, out ElementReader contained)
    {
        contained = default;
        if (reference.Length < 2 || reference[0] != '#' || !TryEnterContained(reader, out var list))
        {
            return false;
        }

        while (NextContained(ref list, out var type, out var id, out var resource))
        {
            if (type == wanted && id.SequenceEqual(reference[1..]))
            {
                contained = resource;
                return true;
            }
        }

        return false;
    }

    /// <summary>Enters the list of contained resources; false when there is none.</summary>
    public readonly bool TryEnterContained(in ElementReader reader, out ElementReader list)
    {
        list = default;
        if (_contained == None)
        {
            return false;
        }

        list = reader.At(_contained);
        return list.EnterArray();
    }

    /// <summary>Goes over the next contained resource.</summary>
    /// <param name="list">Inside the list.</param>
    /// <param name="type">Its type.</param>
    /// <param name="id">Its id.</param>
    /// <param name="resource">A reader inside its object, before its first property.</param>
    public static bool NextContained(scoped ref ElementReader list, out ResourceType type, out ReadOnlySpan<byte> id, out ElementReader resource)
    {
        type = default;
        id = default;
        resource = default;
        if (!list.NextObject())
        {
            return false;
        }

        resource = list;
        resource.Malformed = false;
        while (list.NextProperty())
        {
            if (list.Is("resourceType"u8))
            {
                type = ResourceTypes.Parse(list.String());
            }
            else if (list.Is("id"u8))
            {
                id = list.String();
            }
            else
            {
                list.Skip();
            }
        }

        return true;
    }

    // No rule asks for what else stands there, so another JSON type in it does not make the resource malformed.
    private void ReadMeta(ref ElementReader reader)
    {
        var before = reader.Malformed;
        _versionId = default;
        _lastUpdated = default;
        var (hasVersion, hasUpdated) = (false, false);
        for (var entered = reader.EnterObject(); entered && reader.NextProperty();)
        {
            if (!hasVersion && reader.Is("versionId"u8))
            {
                _versionId = reader.String();
                hasVersion = true;
            }
            else if (!hasUpdated && reader.Is("lastUpdated"u8))
            {
                _lastUpdated = reader.String();
                hasUpdated = true;
            }
            else
            {
                reader.Skip();
            }
        }

        reader.Malformed = before;
    }
}
