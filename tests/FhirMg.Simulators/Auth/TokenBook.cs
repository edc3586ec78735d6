using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace FhirMg.Simulators;

/// <summary>The tokens that were issued, and what they allow.</summary>
internal sealed class TokenBook(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, (DateTimeOffset Until, IReadOnlyList<Scope> Scopes)> tokens = new();

    public string Issue(TimeSpan lifetime, IReadOnlyList<Scope> scopes)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        tokens[token] = (clock.GetUtcNow() + lifetime, scopes);
        return token;
    }

    public void Clear() => tokens.Clear();

    public TokenVerdict Judge(string? authorization, string type, char letter)
    {
        const string Bearer = "Bearer ";
        if (authorization?.StartsWith(Bearer, StringComparison.Ordinal) != true
            || !tokens.TryGetValue(authorization[Bearer.Length..], out var token)
            || token.Until <= clock.GetUtcNow())
        {
            return TokenVerdict.Invalid;
        }

        return token.Scopes.Any(s => s.Allows(type, letter)) ? TokenVerdict.Good : TokenVerdict.InsufficientScope;
    }
}
