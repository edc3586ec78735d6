using FhirMg.Screening.Worklist;

namespace FhirMg.Screening.Tests.Worklist;

/// <summary>Names are given back as they were kept, whatever they look like, and a UUID takes half of what it is long.</summary>
public sealed class PatientNamesTests
{
    private const string Id = "89025cc1-2dec-910a-eaea-9f87779659d7";

    [Fact]
    public void A_name_is_given_back_as_it_was()
    {
        string[] all =
        [
            $"Patient/{Id}", $"Patient/{Id.ToUpperInvariant()}", $"Patient/{{{Id}}}", Id, $"patient/{Id}", $"urn:uuid:{Id}", $"Patient/{Id}0", "Patient/", "", "Patient/1", "Пациент/№ 7",
            new string('x', 253), new string('x', 254), new string('x', 255), new string('x', 300), new string('ж', 127), new string('y', 2_000_000), "Patient/last",
        ];
        var names = new PatientNames();
        var places = all.Select(names.Add).ToList();
        Assert.Equal(all, places.Select(place => names[place]));
    }

    [Fact]
    public void Many_names_lie_in_many_blocks()
    {
        var names = new PatientNames();
        var places = Enumerable.Range(0, 100_000).Select(number => names.Add(Name(number))).ToList();
        Assert.Equal(Enumerable.Range(0, places.Count).Select(Name), places.Select(place => names[place]));
        Assert.Equal(2, places.Max(place => place.Block) + 1);

        static string Name(int number) => $"Patient/{new Guid(number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)}";
    }
}
