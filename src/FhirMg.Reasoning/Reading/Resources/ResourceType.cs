namespace FhirMg.Reasoning.Reading;

/// <summary>The resource types that the rules read.</summary>
internal enum ResourceType : byte
{
    /// <summary>Any other type: passed over.</summary>
    Other,
    Patient,
    Observation,
    Condition,
    Encounter,
    MedicationRequest,
    MedicationStatement,
    MedicationAdministration,
    Medication,
    AllergyIntolerance,
    QuestionnaireResponse,
    Bundle,
}

/// <summary>Resource types by name.</summary>
internal static class ResourceTypes
{
    private static readonly byte[][] Names = [.. Enum.GetNames<ResourceType>().Select(System.Text.Encoding.UTF8.GetBytes)];

    private static readonly string[] Words = Enum.GetNames<ResourceType>();

    private static readonly string[] Prefixes = [.. Words.Select(word => $"{word}/")];

    public static string Name(ResourceType type) => Words[(int)type];

    /// <summary>What a relative reference to a resource of the type begins with: <c>Patient/</c>.</summary>
    public static string Prefix(ResourceType type) => Prefixes[(int)type];

    public static ResourceType Parse(ReadOnlySpan<byte> name)
    {
        for (var type = ResourceType.Patient; type <= ResourceType.Bundle; type++)
        {
            if (name.SequenceEqual(Names[(int)type]))
            {
                return type;
            }
        }

        return ResourceType.Other;
    }

    /// <summary>The FHIR version that a type's name betrays: one that R4 no longer or not yet has; null for all others.</summary>
    public static string? ForeignVersion(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("MedicationOrder"u8) || name.SequenceEqual("DiagnosticOrder"u8) || name.SequenceEqual("Conformance"u8)
            || name.SequenceEqual("DeviceUseRequest"u8) ? "DSTU2"
        : name.SequenceEqual("ProcedureRequest"u8) || name.SequenceEqual("ReferralRequest"u8) || name.SequenceEqual("DeviceComponent"u8)
            || name.SequenceEqual("BodySite"u8) || name.SequenceEqual("EligibilityRequest"u8) ? "STU3"
        : name.SequenceEqual("Permission"u8) || name.SequenceEqual("Transport"u8) || name.SequenceEqual("EncounterHistory"u8)
            || name.SequenceEqual("InventoryReport"u8) || name.SequenceEqual("Requirements"u8) ? "R5"
        : null;
}
