using System.Text.RegularExpressions;

namespace FhirMg.Fhir.Tokens;

/// <summary>A resource scope of SMART App Launch, v1 (<c>system/Observation.read</c>) or v2 (<c>system/Observation.rs</c>).</summary>
/// <param name="Context"><c>system</c>, <c>user</c> or <c>patient</c>.</param>
/// <param name="Type">A resource type, or <c>*</c>.</param>
/// <param name="Permission">What it allows.</param>
/// <param name="Query">The search that narrows it (v2 only); null for none.</param>
/// <param name="IsV1">Whether it is written the v1 way.</param>
internal sealed partial record SmartScope(string Context, string Type, Permission Permission, string? Query, bool IsV1)
{
    private const Permission Reading = Permission.Read | Permission.Search;
    private const Permission Writing = Permission.Create | Permission.Update | Permission.Delete;
    private const string Letters = "cruds";

    /// <summary>The scope that the text is; null for one that is about no resource, such as <c>openid</c>.</summary>
    public static SmartScope? Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var (permission, isV1) = match.Groups["what"].Value switch
        {
            "read" => (Reading, true),
            "write" => (Writing, true),
            "*" => (Reading | Writing, true),
            var letters => (letters.Aggregate(Permission.None, (all, letter) => all | Of(letter)), false),
        };
        var query = match.Groups["query"];
        return new(match.Groups["context"].Value, match.Groups["type"].Value, permission, query.Success ? query.Value : null, isV1);
    }

    /// <summary>The scope in v2: letters in the order that v2 demands.</summary>
    public static string V2(string type, Permission permission) =>
        $"system/{type}.{string.Concat(Letters.Where(letter => permission.HasFlag(Of(letter))))}";

    /// <summary>The v1 scopes that allow at least as much; a scope that is about no resource stays as it is.</summary>
    public static IEnumerable<string> V1(string scope)
    {
        if (Parse(scope) is not { IsV1: false } parsed)
        {
            return [scope];
        }

        var words = new List<string>(2);
        if ((parsed.Permission & Reading) != 0)
        {
            words.Add($"{parsed.Context}/{parsed.Type}.read");
        }

        if ((parsed.Permission & Writing) != 0)
        {
            words.Add($"{parsed.Context}/{parsed.Type}.write");
        }

        return words;
    }

    private static Permission Of(char letter) => (Permission)(1 << Letters.IndexOf(letter, StringComparison.Ordinal));

    [GeneratedRegex(@"^(?<context>system|user|patient)/(?<type>\*|[A-Za-z]+)\.(?<what>\*|read|write|[cruds]+)(\?(?<query>.+))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
