namespace FhirMg.Reasoning.Reading;

/// <summary>A patient's facts put together, and where each stands in the input.</summary>
public sealed class AssembledPatient
{
    private readonly IReadOnlyList<FactPlace> _places;

    internal AssembledPatient(PatientRecord record, IReadOnlyList<FactPlace> places) => (Record, _places) = (record, places);

    /// <summary>The facts.</summary>
    public PatientRecord Record { get; }

    /// <summary>Where a resource of this patient stands, and the unit of its result as written.</summary>
    /// <param name="resource">Its name.</param>
    /// <param name="reason">Why it was set aside.</param>
    public (FactPlace Place, string? Unit) Find(string resource, SetAsideReason reason)
    {
        var fact = All().First(fact => fact.Name == resource);
        var unit = reason != SetAsideReason.Unit ? null
            : Record.Observations.Find(observation => observation.Name == resource && observation.Late == SetAsideReason.Unit)?.UnitText ?? "";
        return (_places[fact.Ordinal], unit);
    }

    private IEnumerable<Fact> All() => ((IEnumerable<Fact>)[Record.Patient]).Concat(Record.Observations).Concat(Record.Conditions)
        .Concat(Record.Encounters).Concat(Record.Medicines).Concat(Record.Allergies).Concat(Record.Manifestations);
}
