namespace FhirMg.Reasoning.Knowing;

/// <summary>Every rule of the clinical knowledge, in its order: outputs list rules by this order.</summary>
#pragma warning disable CS1591 // The members are rule ids; their meaning is the knowledge's, not the code's.
public enum Rule
{
    In1, In2, In3, In4, In5, In6, In7, In8, In9, In10,
    Range1, Range2, Sev1, Stat1, Stat2, Stat3,
    Def0, Def1, Def2, Def3, Def4, Def5, Def6, Sym1, RiskG1, Cause1,
    Risk1, Risk2, Risk3, Risk4,
    Rx1, Rx2, Rx3, Rx4, Rx5, Rx6, Rx7, Rx8, Diet1, Lab1, Lab2, Lab3, Lab4, Ask1, Load1,
    Safe1, Safe2, Safe3, Safe4, Safe5, Safe6, Safe7, Safe8, Safe9, Safe10, Safe11, Safe12,
}
#pragma warning restore CS1591
