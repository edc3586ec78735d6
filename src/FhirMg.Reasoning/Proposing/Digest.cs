namespace FhirMg.Reasoning.Proposing;

/// <summary>Deterministic identifiers: the same parts give the same identifier, any change another.</summary>
internal static class Digest
{
    /// <summary>SHA-256 of the parts, in lower-case hexadecimal.</summary>
    public static string Of(IEnumerable<string?> parts)
    {
        var text = new DigestText(stackalloc byte[DigestText.CommonLength]);
        foreach (var part in parts)
        {
            text.Add(part);
        }

        return text.End();
    }

    /// <summary>A uuid that follows from a digest, as <c>urn:uuid:…</c> (version 8, RFC 9562).</summary>
    public static string Uuid(string digest) => $"urn:uuid:{digest[..8]}-{digest[8..12]}-8{digest[13..16]}-8{digest[17..20]}-{digest[20..32]}";
}
