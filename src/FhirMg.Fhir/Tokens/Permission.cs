namespace FhirMg.Fhir.Tokens;

/// <summary>What may be done with resources of a type: the letters of SMART scopes v2 (<c>cruds</c>).</summary>
[Flags]
public enum Permission
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Create (<c>c</c>).</summary>
    Create = 1,

    /// <summary>Read by id (<c>r</c>).</summary>
    Read = 2,

    /// <summary>Update (<c>u</c>).</summary>
    Update = 4,

    /// <summary>Delete (<c>d</c>).</summary>
    Delete = 8,

    /// <summary>Search (<c>s</c>).</summary>
    Search = 16,
}
