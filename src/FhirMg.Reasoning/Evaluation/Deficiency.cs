namespace FhirMg.Reasoning.Evaluation;

/// <summary>How sure magnesium deficiency is: the first class that holds (DEF-*).</summary>
public enum Deficiency
{
    /// <summary>Serum magnesium is elevated (DEF-0).</summary>
    Excess,

    /// <summary>Confirmed by serum or by a coded condition (DEF-1).</summary>
    Confirmed,

    /// <summary>Suspected in spite of a serum value that is not low (DEF-2).</summary>
    LatentSuspected,

    /// <summary>Possible (DEF-3).</summary>
    Possible,

    /// <summary>Unlikely: normal serum, and asked for manifestations (DEF-4).</summary>
    Unlikely,

    /// <summary>Not excluded by a normal serum value (DEF-5).</summary>
    NotExcluded,

    /// <summary>Not assessable (DEF-6).</summary>
    NotAssessable,

    /// <summary>Nothing was evaluated: the patient is deceased (IN-9).</summary>
    NoneEvaluated,
}
