namespace FhirMg.Service.Hooks.Cards;

/// <summary>What a rule says on cards, as it stands inside a JSON string.</summary>
/// <param name="Heading">Its title, as a line of a list begins.</param>
/// <param name="Message">What it tells the clinician; null when it never appears by itself.</param>
/// <param name="Note">What it tells as a note, or at its lesser level; null when it never appears by itself.</param>
/// <param name="NotChecked">What is said when it could not be evaluated; null when it always can be.</param>
internal sealed record RuleParts(byte[] Heading, byte[]? Message, byte[]? Note, byte[]? NotChecked);
