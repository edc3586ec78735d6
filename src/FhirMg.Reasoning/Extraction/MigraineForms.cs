namespace FhirMg.Reasoning.Extraction;

/// <summary>The forms of migraine that a patient's codes name; several may be coded at once.</summary>
[Flags]
public enum MigraineForms
{
    /// <summary>No form: no migraine, or migraine whose codes name none.</summary>
    None = 0,

    /// <summary>Migraine without aura.</summary>
    WithoutAura = 1 << 0,

    /// <summary>Migraine with aura.</summary>
    WithAura = 1 << 1,

    /// <summary>Chronic migraine.</summary>
    Chronic = 1 << 2,

    /// <summary>Status migrainosus.</summary>
    StatusMigrainosus = 1 << 3,
}
