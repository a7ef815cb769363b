package dev.roomful.centrifuge;

import dev.roomful.admission.Credential;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The claims of a token that was verified, read strictly: a claim of the wrong type is an error.
 * Unknown claims are skipped.
 */
final class TokenClaims {
  private final JsonObjectReader reader;
  private final TermsBuilder terms = new TermsBuilder();
  private String subject = "";
  private String channel = "";
  private String client = "";
  private final List<String> channels = new ArrayList<>();
  private final Map<String, SubscriptionTerms> subs = new HashMap<>();
  private RawData meta = RawData.NONE;
  private @Nullable Long expirationTime;
  private @Nullable Long expireAt;

  private TokenClaims(JsonObjectReader reader) {
    this.reader = reader;
  }

  static TokenClaims read(String json) throws InvalidTokenException {
    char[] text = json.toCharArray();
    try (JsonObjectReader reader = new JsonObjectReader(text, 0, text.length)) {
      TokenClaims claims = new TokenClaims(reader);
      reader.readDocument(claims::readClaim);
      return claims;
    } catch (MalformedFrameException e) {
      throw InvalidTokenException.invalid("the claims are malformed: " + e.getMessage());
    }
  }

  private void readClaim(String name) throws MalformedFrameException {
    switch (name) {
      case "sub" -> subject = reader.string();
      case "iss" -> reader.string();
      case "aud" -> readAudience();
      case "exp" -> expirationTime = reader.seconds();
      case "nbf" -> reader.seconds();
      case "expire_at" -> expireAt = reader.seconds();
      case "channel" -> channel = reader.string();
      case "client" -> client = reader.string();
      case "meta" -> meta = reader.data();
      case "channels" -> reader.readArray(name, each -> channels.add(reader.string()));
      case "subs" ->
          reader.readObject(each -> subs.put(reader.requireWellFormed(each), readTerms()));
      default -> terms.readClaim(name);
    }
  }

  /** RFC 7519 section 4.1.3: one string, or an array of them. */
  private void readAudience() throws MalformedFrameException {
    if (reader.isArray()) {
      reader.readArray("aud", each -> reader.string());
    } else {
      reader.string();
    }
  }

  private SubscriptionTerms readTerms() throws MalformedFrameException {
    TermsBuilder builder = new TermsBuilder();
    reader.readObject(builder::readClaim);
    return builder.build();
  }

  ConnectionToken connection(Credential credential) throws InvalidTokenException {
    if (!channel.isEmpty()) {
      throw InvalidTokenException.invalid("a subscription token in place of a connection token");
    }
    if (subs.isEmpty()) {
      channels.forEach(each -> subs.put(each, SubscriptionTerms.DEFAULTS));
    }
    return new ConnectionToken(subject, effectiveExpiration(), terms.info, meta, subs, credential);
  }

  SubscriptionToken subscription() throws InvalidTokenException {
    if (channel.isEmpty()) {
      throw InvalidTokenException.invalid("a subscription token without a channel");
    }
    return new SubscriptionToken(subject, channel, client, effectiveExpiration(), terms.build());
  }

  /** {@return {@code expire_at} if the token has it, otherwise {@code exp}} */
  private long effectiveExpiration() {
    return expireAt != null ? expireAt : expirationTime != null ? expirationTime : 0;
  }

  /** Collects the terms of a subscription, whose claims come in any order. */
  private final class TermsBuilder {
    private RawData info = RawData.NONE;
    private RawData data = RawData.NONE;
    private boolean infoInBase64;
    private boolean dataInBase64;
    private final Map<String, Boolean> override = new HashMap<>();

    void readClaim(String name) throws MalformedFrameException {
      switch (name) {
        case "info" -> info = infoInBase64 ? info : reader.data();
        case "data" -> data = dataInBase64 ? data : reader.data();
        case "b64info" -> {
          info = base64();
          infoInBase64 = true;
        }
        case "b64data" -> {
          data = base64();
          dataInBase64 = true;
        }
        case "override" ->
            reader.readObject(
                option ->
                    reader.readObject(
                        value -> {
                          if (value.equals("value")) {
                            override.put(option, reader.bool());
                          }
                        }));
        default -> {}
      }
    }

    private RawData base64() throws MalformedFrameException {
      try {
        return RawData.of(Base64.getDecoder().decode(reader.string()));
      } catch (IllegalArgumentException e) {
        throw reader.malformed("not Base64");
      }
    }

    SubscriptionTerms build() {
      return new SubscriptionTerms(
          info,
          data,
          override.get("presence"),
          override.get("join_leave"),
          override.get("force_push_join_leave"),
          override.get("force_recovery"),
          override.get("force_positioning"));
    }
  }
}
