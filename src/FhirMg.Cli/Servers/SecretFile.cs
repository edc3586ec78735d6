namespace FhirMg.Cli.Servers;

/// <summary>Reads secrets from files, so that they stand in no command line, where every user of the machine can read them.</summary>
internal static class SecretFile
{
    private const int LargestSecret = 64 * 1024;

    /// <summary>The content without the line end that editors add.</summary>
    /// <exception cref="InputException">There is none; the message never holds the content.</exception>
    public static string Read(string option, string path)
    {
        try
        {
            if (new FileInfo(path).Length > LargestSecret)
            {
                throw new InputException($"{option} {path}: it is too large for a secret. Name the file that holds the secret and nothing else");
            }

            var secret = File.ReadAllText(path).Trim();
            return secret.Length > 0 && !secret.Any(char.IsControl)
                ? secret
                : throw new InputException($"{option} {path}: it does not hold one line with the secret");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(option, path, e);
        }
    }

    /// <summary>Checks that a file can be read.</summary>
    /// <exception cref="InputException">It cannot.</exception>
    public static void Require(string option, string path)
    {
        try
        {
            using var file = File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(option, path, e);
        }
    }

    private static InputException Unreadable(string option, string path, Exception cause) =>
        new($"{option} {path}: it cannot be read: {cause.Message} Check that it exists and that you may read it", cause);
}
