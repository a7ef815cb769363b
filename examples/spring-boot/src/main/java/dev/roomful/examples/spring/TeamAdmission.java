package dev.roomful.examples.spring;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Role;
import dev.roomful.spring.AdmissionCustomizer;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;

/** The staff moderates, and everybody sees the last 50 messages of a room first. */
@Component
class TeamAdmission implements AdmissionCustomizer {
  @Override
  public AcceptedAdmission customize(
      AcceptedAdmission admission, Authentication authentication, Handshake handshake) {
    boolean staff =
        authentication.getAuthorities().stream()
            .anyMatch(authority -> "ROLE_STAFF".equals(authority.getAuthority()));
    return admission
        .withRole(staff ? Role.MODERATOR : Role.MEMBER)
        .withReplay(HistoryRange.last(50));
  }
}
