using FhirMg.Fhir.Writing;

namespace FhirMg.Service.Evaluating;

/// <summary>What people have overridden about a patient in feedback on cards: for writing, as good as rejected proposals.</summary>
/// <param name="server">Name of the server.</param>
/// <param name="patient">The patient, as <c>Patient/id</c>.</param>
internal delegate IReadOnlyList<OverriddenCard> OverriddenProposals(string server, string patient);
