using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>What the codes and names of a medicine say, before route and form decide what they leave open.</summary>
internal readonly record struct MedicineCodes(MedicineSets ByCode, MedicineSets ByName, bool Resolved, bool RouteReadable, bool Injected)
{
    /// <summary>What both say together: a request and the Medication that it refers to.</summary>
    public MedicineCodes And(in MedicineCodes other) => new(
        ByCode | other.ByCode, ByName | other.ByName, Resolved || other.Resolved, RouteReadable || other.RouteReadable, Injected || other.Injected);

    /// <summary>The sets that the medicine belongs to: by code, or by name when no code places it.</summary>
    public MedicineSets Sets
    {
        get
        {
            var sets = ByCode != MedicineSets.None ? ByCode : ByName;
            var open = sets & (MedicineSets.MagnesiumOfUnknownForm | MedicineSets.MagnesiumByName);
            if (open == MedicineSets.None)
            {
                return sets;
            }

            sets &= ~open;
            if (Injected)
            {
                return sets | MedicineSets.MagnesiumInjection;
            }

            // An ingredient whose route and form nobody states may be either, so it counts as both.
            return sets | MedicineSets.MagnesiumOral
                | (open.HasFlag(MedicineSets.MagnesiumOfUnknownForm) && !RouteReadable ? MedicineSets.MagnesiumInjection : MedicineSets.None);
        }
    }

    /// <summary>Whether nobody can tell what the medicine is.</summary>
    public bool Unresolved => !Resolved && Sets == MedicineSets.None;
}
