namespace FhirMg.Simulators;

/// <summary>How next links are written.</summary>
public enum LinkStyle
{
    /// <summary><c>http://host/base/Type?…</c></summary>
    Absolute,

    /// <summary><c>Type?…</c>, relative to the FHIR base.</summary>
    Relative,

    /// <summary><c>/base/Type?…</c>, relative to the server, as behind some gateways.</summary>
    ServerAbsolute,
}

/// <summary>What <c>Bundle.total</c> says.</summary>
public enum TotalStyle
{
    /// <summary>The number of matches.</summary>
    Accurate,

    /// <summary>Nothing.</summary>
    Absent,

    /// <summary>The number of entries of this page, as careless servers do.</summary>
    OfPage,
}

/// <summary>What happens to search parameters a server does not know.</summary>
public enum UnknownParameters
{
    /// <summary>400.</summary>
    Refused,

    /// <summary>Ignored without a word: more is found than was asked for.</summary>
    Ignored,

    /// <summary>Ignored, with an OperationOutcome entry that says so.</summary>
    IgnoredWithOutcome,
}

/// <summary>What error bodies look like.</summary>
public enum ErrorStyle
{
    /// <summary>An OperationOutcome.</summary>
    OperationOutcome,

    /// <summary>An OperationOutcome without its <c>resourceType</c>.</summary>
    WithoutResourceType,

    /// <summary><c>{"message": …}</c>, as AWS gateways write.</summary>
    Message,

    /// <summary>An HTML page, as web servers and gateways write.</summary>
    Html,

    /// <summary>Plain text.</summary>
    Text,
}

/// <summary>What happens to the codes of Observations that a test gives.</summary>
public enum CodeStyle
{
    /// <summary>They stay as given.</summary>
    Standard,

    /// <summary>A local coding (<see cref="Vendors.LocalSystem"/>) stands before the given ones.</summary>
    LocalFirst,

    /// <summary>Local codings replace the given ones, as where a laboratory was never mapped: only <c>category=laboratory</c> finds them.</summary>
    LocalOnly,
}
