package dev.roomful.examples.spring;

import dev.roomful.spring.RoomAccess;
import dev.roomful.spring.RoomAuthorizationManager;
import java.util.function.Supplier;
import org.springframework.security.authorization.AuthorityAuthorizationManager;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;

/** Who may join which room. Every other room is open to all who have logged in. */
@Component
class RoomAccessRules implements AuthorizationManager<RoomAccess> {
  private final AuthorizationManager<RoomAccess> rules =
      RoomAuthorizationManager.builder()
          .room("staff", AuthorityAuthorizationManager.hasRole("STAFF"))
          .build();

  @Override
  public AuthorizationResult authorize(
      Supplier<? extends Authentication> authentication, RoomAccess access) {
    return rules.authorize(authentication, access);
  }
}
