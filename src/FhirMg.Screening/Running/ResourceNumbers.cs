using FhirMg.Reasoning.Reading;
using FhirMg.Screening.Inputs;

namespace FhirMg.Screening.Running;

/// <summary>Numbers resources without an id over all files, as one reading of them all would.</summary>
internal sealed class ResourceNumbers
{
    private readonly long[][] _before;

    public ResourceNumbers(IReadOnlyList<PopulationFile> files)
    {
        _before = new long[files.Count][];
        var before = 0L;
        foreach (var file in files)
        {
            var pieces = new long[file.Resources.Count];
            for (var i = 0; i < pieces.Length; i++)
            {
                pieces[i] = before;
                before += file.Resources[i];
            }

            _before[file.Number] = pieces;
        }
    }

    public long Of(int file, ResourceNumber number) => _before[file][number.Chunk] + number.Resource;
}
