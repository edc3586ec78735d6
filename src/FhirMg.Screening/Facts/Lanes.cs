namespace FhirMg.Screening.Facts;

/// <summary>How facts are divided: patients by their hash, what belongs to no patient, and identities by theirs.</summary>
internal static class Lanes
{
    /// <summary>Lanes of patients, each a range of hashes in ascending order.</summary>
    public const int Patients = 256;

    /// <summary>The lane of records that belong to no patient.</summary>
    public const int Loose = Patients;

    private const int FirstIdentity = Loose + 1;

    /// <summary>Lanes of identities: eight bytes each.</summary>
    public const int Identities = 64;

    public const int Count = FirstIdentity + Identities;

    public static int OfPatient(ulong hash) => (int)(hash >> 56);

    public static int OfIdentity(ulong hash) => FirstIdentity + (int)(hash >> 58);

    public static int Identity(int index) => FirstIdentity + index;
}
