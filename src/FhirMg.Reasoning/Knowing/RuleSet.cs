using System.Numerics;

namespace FhirMg.Reasoning.Knowing;

/// <summary>A set of rules, enumerated in the order of the clinical knowledge.</summary>
/// <param name="Bits">One bit per <see cref="Rule"/>.</param>
public readonly record struct RuleSet(ulong Bits)
{
    /// <summary>The set without rules.</summary>
    public static RuleSet None => default;

    /// <summary>True when no rule is in the set.</summary>
    public bool IsEmpty => Bits == 0;

    /// <summary>The number of rules in the set.</summary>
    public int Count => BitOperations.PopCount(Bits);

    /// <summary>The first rule in order.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public Rule First => IsEmpty ? throw new InvalidOperationException("the set has no rules") : (Rule)BitOperations.TrailingZeroCount(Bits);

    /// <summary>The set of the given rules.</summary>
    public static RuleSet Of(params ReadOnlySpan<Rule> rules)
    {
        var bits = 0UL;
        foreach (var rule in rules)
        {
            bits |= 1UL << (int)rule;
        }

        return new(bits);
    }

    /// <summary>The set of all rules from <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public static RuleSet Range(Rule first, Rule last) =>
        new(((2UL << (int)last) - 1) & ~((1UL << (int)first) - 1));

    /// <summary>Whether the rule is in the set.</summary>
    public bool Contains(Rule rule) => (Bits & (1UL << (int)rule)) != 0;

    /// <summary>Whether any rule of the other set is in this one.</summary>
    public bool Overlaps(RuleSet other) => (Bits & other.Bits) != 0;

    /// <summary>The set with the rule added when the condition holds.</summary>
    public RuleSet With(Rule rule, bool condition = true) => condition ? new(Bits | (1UL << (int)rule)) : this;

    /// <summary>The rules of both sets.</summary>
    public RuleSet Union(RuleSet other) => new(Bits | other.Bits);

    /// <summary>The rules that both sets share.</summary>
    public RuleSet Intersect(RuleSet other) => new(Bits & other.Bits);

    /// <summary>The rules of this set that are not in the other.</summary>
    public RuleSet Except(RuleSet other) => new(Bits & ~other.Bits);

    /// <summary>Enumerates the rules in order.</summary>
    public RuleSetEnumerator GetEnumerator() => new(Bits);

    /// <summary>The ids in order, e.g. <c>RX-1</c>.</summary>
    public IEnumerable<string> Ids()
    {
        var ids = new string[Count];
        var i = 0;
        foreach (var rule in this)
        {
            ids[i++] = rule.Id();
        }

        return ids;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', Ids());
}
