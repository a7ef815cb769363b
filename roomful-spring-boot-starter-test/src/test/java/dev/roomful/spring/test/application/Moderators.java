package dev.roomful.spring.test.application;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Handshake;
import dev.roomful.spring.AdmissionCustomizer;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;

@Component
class Moderators implements AdmissionCustomizer {
  @Override
  public AcceptedAdmission customize(
      AcceptedAdmission admission, Authentication authentication, Handshake handshake) {
    return admission.withName("user " + authentication.getName());
  }
}
