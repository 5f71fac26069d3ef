from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0003_relations'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='document',
            name='supersedes',
        ),
    ]
