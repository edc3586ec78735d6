namespace FhirMg.Reasoning.Proposing;

/// <summary>What of a resource is one patient's own, and differs from the same resource of others.</summary>
internal sealed record OwnContent
{
    /// <summary>The value of its identifier, or of the tag in its stead: a digest.</summary>
    public required string Identifier { get; init; }

    /// <summary>The reference to the patient, as a JSON string.</summary>
    public required byte[] Subject { get; init; }

    /// <summary>When it was concluded, as a JSON string.</summary>
    public required byte[] Authored { get; init; }

    /// <summary>The Reference to the encounter, as JSON; null for none.</summary>
    public byte[]? Encounter { get; init; }

    /// <summary>What it gives as reasons: a Reference each, as JSON.</summary>
    public byte[][] Reasons { get; init; } = [];

    /// <summary>What else it rests on: a Reference each, as JSON.</summary>
    public byte[][] Supporting { get; init; } = [];

    /// <summary>What resources written with it are referred to by: uuids made of digests.</summary>
    public IReadOnlyList<string> Siblings { get; init; } = [];

    /// <summary>The bytes of all of it.</summary>
    public int Length
    {
        get
        {
            var length = Identifier.Length + Subject.Length + Authored.Length + (Encounter?.Length ?? 0);
            foreach (var reference in Reasons)
            {
                length += reference.Length;
            }

            foreach (var reference in Supporting)
            {
                length += reference.Length;
            }

            foreach (var sibling in Siblings)
            {
                length += sibling.Length;
            }

            return length;
        }
    }
}
