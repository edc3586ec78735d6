namespace FhirMg.Simulators;

/// <summary>A SMART scope such as <c>system/Observation.rs</c> (v2) or <c>system/Observation.read</c> (v1).</summary>
/// <param name="Text">As written.</param>
/// <param name="Context"><c>system</c>, <c>user</c> or <c>patient</c>; empty for others such as <c>openid</c>.</param>
/// <param name="Type">A resource type or <c>*</c>.</param>
/// <param name="Letters">What it allows, out of <c>cruds</c>.</param>
/// <param name="IsV1">Whether it is written in the words of SMART 1.0.</param>
internal sealed record Scope(string Text, string Context, string Type, string Letters, bool IsV1)
{
    public static Scope Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var dot = text.LastIndexOf('.');
        if (slash < 0 || dot < slash)
        {
            return new Scope(text, "", text, "", false);
        }

        var words = text[(dot + 1)..].Split('?')[0];
        var letters = words switch { "read" => "rs", "write" => "cud", "*" => "cruds", _ => words };
        return new Scope(text, text[..slash], text[(slash + 1)..dot], letters, words is "read" or "write" or "*");
    }

    /// <summary>Whether everything the other scope allows is allowed by this one too.</summary>
    public bool Covers(Scope other) =>
        Context == other.Context && (Type == "*" || Type == other.Type) && other.Letters.All(l => Letters.Contains(l, StringComparison.Ordinal));

    /// <summary>Whether it allows one interaction (<c>c</c>, <c>r</c>, <c>u</c>, <c>d</c>, <c>s</c>) on a type.</summary>
    public bool Allows(string type, char letter) => Letters.Contains(letter, StringComparison.Ordinal) && (Type == "*" || Type == type);
}
