using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FhirMg.Service.Store;

/// <summary>A digest that stands for a patient of a server where the patient need not be named, but their traces must be found to be erased.</summary>
internal static class PatientDigest
{
    /// <summary>Its length in bits.</summary>
    public const int Bits = 56;
    private const int Digest = 32;

    /// <summary>The digest as a number.</summary>
    /// <param name="server">Name of the server.</param>
    /// <param name="patient">The patient, as <c>Patient/id</c>.</param>
    public static long Of(string server, string patient)
    {
        Span<byte> digest = stackalloc byte[Digest];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{server}\n{patient}"), digest);
        return (long)(BinaryPrimitives.ReadUInt64BigEndian(digest) >> (64 - Bits));
    }

    /// <summary>The digest as text, as rows hold it.</summary>
    public static string Text(long digest) => digest.ToString("x14", CultureInfo.InvariantCulture);
}
