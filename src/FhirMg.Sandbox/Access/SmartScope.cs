namespace FhirMg.Sandbox.Access;

/// <summary>A SMART scope for data, v1 or v2.</summary>
/// <param name="Context"><c>patient</c>, <c>user</c> or <c>system</c>.</param>
/// <param name="Type">A resource type, or <c>*</c>.</param>
/// <param name="Query">The search that resources must meet (granular scopes); empty when any do.</param>
/// <param name="IsVersion1">Whether it is written as in SMART v1: <c>read</c>, <c>write</c> or <c>*</c>.</param>
internal sealed record SmartScope(string Context, string Type, Permission Permission, string Query, bool IsVersion1)
{
    private const string Every = "cruds";

    /// <summary>The scope as it is written in requests and answers.</summary>
    public string Text => $"{Context}/{Type}.{Suffix}{Query}";

    private string Suffix => !IsVersion1 ? string.Concat(Every.Where((_, at) => Permission.HasFlag((Permission)(1 << at))))
        : Permission == V1("read") ? "read" : Permission == V1("write") ? "write" : "*";

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
        var first = V1(letters);
        var permission = first == Permission.None ? Letters(letters) : first;
        var type = text[(slash + 1)..dot];
        return permission == Permission.None || type.Length == 0 ? null : new(text[..slash], type, permission, question < 0 ? "" : text[question..], first != Permission.None);
    }

    /// <summary>The part of this scope that another one covers, too; null when there is none.</summary>
    public SmartScope? Within(SmartScope ceiling)
    {
        var type = ceiling.Type == "*" || ceiling.Type == Type ? Type : Type == "*" ? ceiling.Type : null;
        var both = Permission & ceiling.Permission;
        return ceiling.Context != Context || type is null || both == Permission.None || (Query.Length > 0 && ceiling.Query.Length > 0 && Query != ceiling.Query) ? null
            : new(Context, type, both, Query.Length > 0 ? Query : ceiling.Query, IsVersion1 && (both == V1("read") || both == V1("write") || both == V1("*")));
    }

    private static Permission V1(string word) => word switch
    {
        "read" => Permission.Read | Permission.Search,
        "write" => Permission.Create | Permission.Update | Permission.Delete,
        "*" => Permission.Create | Permission.Read | Permission.Update | Permission.Delete | Permission.Search,
        _ => Permission.None,
    };

    // In the order of "cruds", each at most once.
    private static Permission Letters(string letters)
    {
        var permission = Permission.None;
        var last = -1;
        foreach (var at in letters.Select(letter => Every.IndexOf(letter, StringComparison.Ordinal)))
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
