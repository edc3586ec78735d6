using System.Numerics;

namespace FhirMg.Reasoning.Knowing;

/// <summary>Goes through the rules of a set, in order.</summary>
/// <param name="Bits">One bit per <see cref="Rule"/> that is still to come.</param>
public record struct RuleSetEnumerator(ulong Bits)
{
    /// <summary>The rule that it stands at.</summary>
    public Rule Current { get; private set; }

    /// <summary>Goes to the next rule.</summary>
    /// <returns>False when there is none.</returns>
    public bool MoveNext()
    {
        if (Bits == 0)
        {
            return false;
        }

        Current = (Rule)BitOperations.TrailingZeroCount(Bits);
        Bits &= Bits - 1;
        return true;
    }
}
