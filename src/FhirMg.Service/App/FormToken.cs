using System.Security.Cryptography;
using FhirMg.Service.Sessions;
using Microsoft.AspNetCore.DataProtection;

namespace FhirMg.Service.App;

/// <summary>
/// Proof that a form was sent from the page that it stands on: the session's cookie comes along from anywhere, since the page runs inside
/// other sites' frames, and this does not.
/// </summary>
internal sealed class FormToken(IDataProtectionProvider protection)
{
    /// <summary>Name of the hidden field.</summary>
    public const string Field = "form-token";

    private readonly IDataProtector _protector = protection.CreateProtector("FhirMg.App.Form");

    /// <summary>The token of a session's forms.</summary>
    public string Of(AppSession session) => _protector.Protect(session.Handle);

    /// <summary>Whether a form was sent from a page of the session, by a browser that says nothing else.</summary>
    public bool IsOf(AppSession session, HttpRequest request, string? token)
    {
        // Not by Origin: without a referrer, browsers send "null" there also from this page itself.
        if (request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin"))
        {
            return false;
        }

        try
        {
            return token is not null && _protector.Unprotect(token) == session.Handle;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
