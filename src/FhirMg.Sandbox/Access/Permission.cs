namespace FhirMg.Sandbox.Access;

/// <summary>What SMART v2 scopes permit: <c>cruds</c>.</summary>
[Flags]
internal enum Permission
{
    None = 0,
    Create = 1,
    Read = 2,
    Update = 4,
    Delete = 8,
    Search = 16,
}
