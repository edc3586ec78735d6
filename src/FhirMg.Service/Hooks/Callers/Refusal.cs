namespace FhirMg.Service.Hooks.Callers;

/// <summary>Why a call is not let in.</summary>
/// <param name="Status">The HTTP status: 401, or 503 where the decision could not be made.</param>
/// <param name="Reason">What is wrong with the token; without anything of it.</param>
internal sealed record Refusal(int Status, string Reason)
{
    public static Refusal Unauthorized(string reason) => new(StatusCodes.Status401Unauthorized, reason);
}
