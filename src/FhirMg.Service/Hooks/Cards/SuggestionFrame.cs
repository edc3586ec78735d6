namespace FhirMg.Service.Hooks.Cards;

/// <summary>What all suggestions of one activity share.</summary>
/// <param name="Beginning">Their JSON up to the uuid.</param>
/// <param name="Action">Their action's, up to its resource.</param>
/// <param name="Part">What their uuid tells them from others by, see <see cref="CardId.PartOf"/>.</param>
internal sealed record SuggestionFrame(byte[] Beginning, byte[] Action, ulong Part);
