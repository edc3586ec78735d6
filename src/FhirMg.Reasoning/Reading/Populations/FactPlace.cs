namespace FhirMg.Reasoning.Reading;

/// <summary>Where in a population's input a resource stands.</summary>
/// <param name="File">Number of the file in the order of names, from 0.</param>
/// <param name="Line">Line in it, from 1.</param>
public readonly record struct FactPlace(int File, long Line) : IComparable<FactPlace>
{
    /// <inheritdoc/>
    public int CompareTo(FactPlace other) => File != other.File ? File.CompareTo(other.File) : Line.CompareTo(other.Line);

    /// <summary>Whether one place comes before another.</summary>
    public static bool operator <(FactPlace left, FactPlace right) => left.CompareTo(right) < 0;

    /// <summary>Whether one place comes after another.</summary>
    public static bool operator >(FactPlace left, FactPlace right) => left.CompareTo(right) > 0;

    /// <summary>Whether one place does not come after another.</summary>
    public static bool operator <=(FactPlace left, FactPlace right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one place does not come before another.</summary>
    public static bool operator >=(FactPlace left, FactPlace right) => left.CompareTo(right) >= 0;
}

/// <summary>Where a resource without an id stands, which is all the name that it has.</summary>
/// <param name="Chunk">Number of the piece that its file was read in, from 0.</param>
/// <param name="Resource">Number of the resource in that piece, from 0.</param>
public readonly record struct ResourceNumber(int Chunk, int Resource);
