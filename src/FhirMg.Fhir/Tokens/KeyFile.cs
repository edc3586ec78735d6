using System.Security.Cryptography;
using System.Text;
using FhirMg.Fhir.Servers;
using Microsoft.Extensions.Logging;

namespace FhirMg.Fhir.Tokens;

/// <summary>The file of the client's private keys, read again when it changes; read by one refresh at a time.</summary>
internal sealed class KeyFile(FhirServerOptions options, string path, ILogger logger)
{
    private byte[] _digest = [];
    private IReadOnlyList<SigningKey> _keys = [];
    private IReadOnlyList<SigningKey> _earlier = [];

    /// <summary>
    /// The keys to try, newest first: those of the file, then those that it held before, until the server has taken one of the file's:
    /// a server learns a new key from our JWKS only after a while.
    /// </summary>
    /// <exception cref="TokenException">The file has no key that can be used, and never had.</exception>
    public async Task<IReadOnlyList<SigningKey>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Read whole each time: a token is seldom asked for, and mounted secrets change without their time changing.
            var bytes = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
            var digest = SHA256.HashData(bytes);
            if (!_digest.AsSpan().SequenceEqual(digest))
            {
                Take(KeyReader.Read(Encoding.UTF8.GetString(bytes)));
                _digest = digest;
            }
        }
        catch (Exception e) when (_keys.Count > 0 && e is IOException or UnauthorizedAccessException or TokenException)
        {
            logger.KeepingKeys(options.Name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TokenException($"the private key file {path} cannot be read ({e.GetType().Name}): check PrivateKeyPath and who may read it", e);
        }
        catch (TokenException e)
        {
            throw new TokenException($"the private key file {path} cannot be used: {e.Message}; an RSA key of 2048 bits or more, or an EC key on P-384, is needed", e);
        }

        return [.. _keys, .. _earlier];
    }

    /// <summary>Notes that the server took a key.</summary>
    public void Accepted(SigningKey key)
    {
        if (_keys.Contains(key))
        {
            _earlier = [];
        }
    }

    private void Take(IReadOnlyList<SigningKey> keys)
    {
        _earlier = [.. _keys.Concat(_earlier).Where(old => !keys.Any(key => key.Thumbprint == old.Thumbprint && key.Kid == old.Kid)).Take(2)];
        _keys = keys;
        logger.KeysRead(options.Name, keys.Count, keys[0].Kid);
    }
}
