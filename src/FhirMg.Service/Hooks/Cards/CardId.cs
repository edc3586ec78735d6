using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Service.Store;

namespace FhirMg.Service.Hooks.Cards;

/// <summary>
/// The uuid of a card or suggestion (version 8, RFC 9562). It follows from the call and the rule, so the same call answers the same and two viewings
/// never merge; and it says by itself which rule, deficiency class, knowledge version and patient it was for, so feedback can be joined without a
/// record of every card shown. The patient stands in it as a digest.
/// </summary>
/// <param name="Rule">The rule; null for the card that says what could not be read.</param>
/// <param name="Class">The class of deficiency that it was shown under.</param>
/// <param name="Version">Tag of the knowledge version.</param>
/// <param name="Patient">Digest of the patient, see <see cref="PatientDigest"/>.</param>
internal readonly record struct CardId(Rule? Rule, Deficiency Class, byte Version, long Patient)
{
    /// <summary>What stands for the rule of the card that says what could not be read.</summary>
    public const string Incomplete = "incomplete";

    private const int NoRule = 63;
    private const int RuleBits = 6;
    private const int ClassBits = 4;
    private const int VersionBits = 8;
    private const int PatientBits = PatientDigest.Bits;
    private const int CallBits = 48;
    private const int Digest = 32;

    // Most calls are named by a uuid.
    private const int CommonText = 256;

    /// <summary>Tag of a knowledge version, 8 bits.</summary>
    public static byte VersionOf(Knowledge knowledge) => (byte)Hash(knowledge.Canonical);

    /// <summary>Tells a call of a service from all others, 48 bits: a digest, and the only one that a call needs.</summary>
    /// <param name="hookInstance">The call.</param>
    /// <param name="serviceId">The service called.</param>
    public static ulong CallOf(string hookInstance, string serviceId) => Hash($"{hookInstance}\n{serviceId}") >> (64 - CallBits);

    /// <summary>Tells a part of an answer from others of the same rule, 48 bits.</summary>
    /// <param name="part">Of a suggestion, its activity.</param>
    public static ulong PartOf(string part) => Hash(part) >> (64 - CallBits);

    /// <summary>The uuid of a card or suggestion in one call.</summary>
    /// <param name="call">The call, see <see cref="CallOf"/>.</param>
    /// <param name="part">Which one of the rule it is, see <see cref="PartOf"/>; 0 for its only card.</param>
    public Guid In(ulong call, ulong part)
    {
        var what = (((ulong)((int?)Rule ?? NoRule) << ClassBits | (uint)Class) << VersionBits) | Version;
        var bits = ((UInt128)what << PatientBits | (ulong)Patient) << CallBits | (call ^ part);

        // 122 bits around the fixed ones: 48, version, 12, variant, 62.
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, (bits >> 74) << 80 | (UInt128)8 << 76 | (bits >> 62 & 0xFFF) << 64 | (UInt128)2 << 62 | (bits & (((UInt128)1 << 62) - 1)));
        return new(bytes, bigEndian: true);
    }

    /// <summary>Reads what a uuid says.</summary>
    /// <returns>False when it is none of ours.</returns>
    public static bool TryRead(Guid uuid, out CardId id)
    {
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        var all = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        var bits = (all >> 80) << 74 | (all >> 64 & 0xFFF) << 62 | (all & (((UInt128)1 << 62) - 1));
        var patient = (long)(ulong)(bits >> CallBits & (((UInt128)1 << PatientBits) - 1));
        var version = (byte)(bits >> (CallBits + PatientBits));
        var deficiency = (int)(bits >> (CallBits + PatientBits + VersionBits) & ((1 << ClassBits) - 1));
        var rule = (int)(bits >> (CallBits + PatientBits + VersionBits + ClassBits) & ((1 << RuleBits) - 1));
        id = new(rule == NoRule ? null : (Rule)rule, (Deficiency)deficiency, version, patient);
        return uuid.Version == 8 && (uuid.Variant & 0xC) == 8 && (rule == NoRule || rule < RuleIds.Count) && Enum.IsDefined((Deficiency)deficiency);
    }

    private static ulong Hash(string text)
    {
        Span<byte> digest = stackalloc byte[Digest];
        Span<byte> bytes = stackalloc byte[CommonText];
        SHA256.HashData(Encoding.UTF8.TryGetBytes(text, bytes, out var length) ? bytes[..length] : Encoding.UTF8.GetBytes(text), digest);
        return BinaryPrimitives.ReadUInt64BigEndian(digest);
    }
}
