namespace FhirMg.Cli.Servers;

/// <summary>A header for every request, from <c>--header "Name: value"</c> or <c>--header "Name: @FILE"</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsSecret">Whether the value comes from a file, and is kept out of all messages.</param>
internal sealed record HeaderOption(string Name, string Value, bool IsSecret)
{
    private static readonly string[] SecretNames = ["authorization", "cookie", "key", "token", "secret", "password"];

    /// <exception cref="UsageException">It is no header, or a secret in the command line.</exception>
    /// <exception cref="InputException">The file of its value cannot be read.</exception>
    public static HeaderOption Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? "" : text[..colon].Trim();
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)))
        {
            // Nothing of it is repeated: a secret may stand where a name is missing.
            throw new UsageException("--header: it is not \"Name: value\" or \"Name: @FILE\"");
        }

        var value = text[(colon + 1)..].Trim();
        if (value.StartsWith('@'))
        {
            return new(name, SecretFile.Read($"--header {name}", value[1..]), IsSecret: true);
        }

        return Array.Exists(SecretNames, part => name.Contains(part, StringComparison.OrdinalIgnoreCase))
            ? throw new UsageException($"--header: the value of {name} looks like a secret, and every user of this machine can read a command line: put it into a file and write \"{name}: @FILE\"")
            : value.Length > 0 && !value.Any(char.IsControl) ? new(name, value, IsSecret: false)
            : throw new UsageException($"--header: {name} has no value on one line");
    }

    /// <summary>The name alone.</summary>
    public override string ToString() => Name;
}
