namespace FhirMg.Sandbox.Access;

/// <summary>A SMART scope for data, v1 or v2.</summary>
/// <param name="Context"><c>patient</c>, <c>user</c> or <c>system</c>.</param>
/// <param name="Type">A resource type, or <c>*</c>.</param>
/// <param name="Query">The search that resources must meet (granular scopes); empty when any do.</param>
internal sealed record SmartScope(string Context, string Type, Permission Permission, string Query)
{
    /// <summary>Parses a scope; null when it is none for data (such as <c>openid</c>, <c>launch</c>), or not well-formed.</summary>
    public static SmartScope? Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (slash < 0 || dot < slash || text[..slash] is not ("patient" or "user" or "system"))
        {
            return null;
        }

        var question = text.IndexOf('?', StringComparison.Ordinal);
        var letters = question < 0 ? text[(dot + 1)..] : text[(dot + 1)..question];
        var permission = letters switch
        {
            "read" => Permission.Read | Permission.Search,
            "write" => Permission.Create | Permission.Update | Permission.Delete,
            "*" => Permission.Create | Permission.Read | Permission.Update | Permission.Delete | Permission.Search,
            _ => Letters(letters),
        };
        var type = text[(slash + 1)..dot];
        return permission == Permission.None || type.Length == 0 ? null : new(text[..slash], type, permission, question < 0 ? "" : text[question..]);
    }

    // In the order of "cruds", each at most once.
    private static Permission Letters(string letters)
    {
        var permission = Permission.None;
        var last = -1;
        foreach (var at in letters.Select(letter => "cruds".IndexOf(letter, StringComparison.Ordinal)))
        {
            if (at <= last)
            {
                return Permission.None;
            }

            permission |= (Permission)(1 << at);
            last = at;
        }

        return permission;
    }
}
