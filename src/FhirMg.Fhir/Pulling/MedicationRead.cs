using System.Net;
using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Fhir.Pulling;

/// <summary>What a server answers when a Medication is read.</summary>
/// <param name="Resource">The resource; null when the server does not give it.</param>
/// <param name="Status">The HTTP status: tells one that is not there from one that was not to be had just then.</param>
public readonly record struct MedicationAnswer(ReadOnlyMemory<byte>? Resource, HttpStatusCode Status);

/// <summary>Reads Medications that medicines refer to.</summary>
/// <param name="server">The server.</param>
/// <param name="knowledge">The knowledge to read with.</param>
public sealed class MedicationRead(FhirServer server, Knowledge knowledge)
{
    /// <summary>Whether a reference means a Medication of this server: no other is ever asked.</summary>
    public bool IsHere(string reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return reference.StartsWith("Medication/", StringComparison.Ordinal) || (Uri.TryCreate(reference, UriKind.Absolute, out var url) && server.Options.Owns(url));
    }

    /// <summary>Reads one.</summary>
    /// <param name="reference">A reference for which <see cref="IsHere"/> holds.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="FhirServerException">The server could not be used, or kept sending what nobody can read.</exception>
    public async Task<MedicationAnswer> ReadAsync(string reference, CancellationToken cancellationToken)
    {
        var (response, page) = await Readable.GetAsync(server, knowledge, "Medication", "Medication", reference, cancellationToken).ConfigureAwait(false);
        return new(page is null ? default(ReadOnlyMemory<byte>?) : response.Body, response.Status);
    }
}
