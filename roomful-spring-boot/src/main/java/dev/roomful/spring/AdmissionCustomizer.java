package dev.roomful.spring;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Handshake;
import org.springframework.security.core.Authentication;

/**
 * Changes what a user of Spring Security is admitted as: the display name, the role in the room,
 * what is replayed. Beans of this type are called in their order, after the {@code
 * AuthorizationManager} has granted access to the room.
 */
@FunctionalInterface
public interface AdmissionCustomizer {
  /**
   * Changes the admission. Called on the thread of the handshake; may block. If it throws, the
   * handshake is rejected with status 500.
   *
   * @param admission the admission, with the name of the authentication as id and display name
   * @param authentication who connects; an {@code AnonymousAuthenticationToken} if nobody has
   *     logged in and the room is open to everybody
   * @param handshake the request of the client
   * @return the admission to use
   */
  AcceptedAdmission customize(
      AcceptedAdmission admission, Authentication authentication, Handshake handshake);
}
