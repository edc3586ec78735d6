using FhirMg.Sandbox.Access;
using FhirMg.Sandbox.Authorization;

namespace FhirMg.Sandbox.Ehr;

/// <summary>Says what a scope permits.</summary>
internal static class ScopeWords
{
    private static readonly (Permission Permission, string Text)[] Deeds =
        [(Permission.Read, "may-read"), (Permission.Search, "may-search"), (Permission.Create, "may-create"), (Permission.Update, "may-update"), (Permission.Delete, "may-delete")];

    public static string Of(string scope, Texts texts)
    {
        if (SmartScopes.Plain.Contains(scope))
        {
            return texts[$"scope-{scope}"];
        }

        if (SmartScope.Parse(scope) is not { } data)
        {
            return scope;
        }

        var deeds = string.Join(", ", Deeds.Where(one => data.Permission.HasFlag(one.Permission)).Select(one => texts[one.Text]));
        return $"{(data.Type == "*" ? texts["every-record"] : data.Type)} {texts[data.Context == "patient" ? "of-patient" : "of-user"]}: {deeds} ({scope})";
    }
}
