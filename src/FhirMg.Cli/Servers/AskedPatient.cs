namespace FhirMg.Cli.Servers;

/// <summary>A patient as the user names them: by id, or by an identifier that is searched for.</summary>
internal sealed record AskedPatient
{
    private const string Type = "Patient/";

    private AskedPatient()
    {
    }

    /// <summary>The id on the server; null when it is to be searched for.</summary>
    public string? Id { get; private init; }

    /// <summary>The identifier's system; empty for one without.</summary>
    public string System { get; private init; } = "";

    /// <summary>The identifier's value.</summary>
    public string Value { get; private init; } = "";

    /// <summary>A patient by id, with or without <c>Patient/</c> before it.</summary>
    /// <exception cref="UsageException">It is no id.</exception>
    public static AskedPatient ById(string text)
    {
        var id = text.StartsWith(Type, StringComparison.Ordinal) ? text[Type.Length..] : text;
        return id.Length > 0 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_')
            ? new() { Id = id }
            : throw new UsageException($"'{text}' is no id of a patient (letters, digits, '-' and '.'): a number of another kind is asked for by --identifier \"system|value\"");
    }

    /// <summary>A patient by <c>system|value</c>.</summary>
    /// <exception cref="UsageException">It is not of that form.</exception>
    public static AskedPatient ByIdentifier(string text)
    {
        var bar = text.LastIndexOf('|');
        return bar >= 0 && bar < text.Length - 1
            ? new() { System = text[..bar], Value = text[(bar + 1)..] }
            : throw new UsageException($"--identifier: '{text}' is not system|value, for example \"https://hospital.example.org/mrn|12345\"");
    }

    /// <inheritdoc/>
    public override string ToString() => Id is null ? $"identifier {System}|{Value}" : $"{Type}{Id}";
}
