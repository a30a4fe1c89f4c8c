"""Mails a greeting to the team."""
import smtplib
import sys
from email.message import EmailMessage

mail = EmailMessage()
mail["From"], mail["To"], mail["Subject"] = "greeting@example.com", "team@example.com", "Greeting"
mail.set_content(" ".join(sys.argv[1:]) or "Hello")
try:
    with smtplib.SMTP("smtp.example.com", 587, timeout=20) as server:
        server.send_message(mail)
    print("sent")
except (OSError, smtplib.SMTPException) as error:
    print(f"not sent: {error}")
